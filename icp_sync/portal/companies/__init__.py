"""Companies over HubSpot's API: full scan, search, batch read and batch update.

Property names and ids enter, company frames (`id` Int64, one String column a property, null = empty) leave; writes
take values by id and return a result for each. Glossary: *scan*, reading all companies by the list's cursor;
*window*, a search by date and id range; *checkpoint*, an interrupted scan; *bisection*, halving a rejected batch.
"""
