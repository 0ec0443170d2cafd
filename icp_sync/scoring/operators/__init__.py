"""What an operator asks of a company: a Boolean expression over parsed columns, null where the answer is unknown.

`operator_table` has one row for each operator: the kinds of value it reads and the function that builds its expression.
"""
