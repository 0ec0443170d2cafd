"""Objects in S3, Google Cloud Storage and Azure: the only room that imports obstore, once an address is opened.

In: an `ObjectAddress` (`s3://bucket/key`) and `StorageOptions`; credentials are the environment's. Out: an
`ObjectFolder` that lists, reads, writes and removes the objects below it. What fails raises ObjectStoreUnusable in one
sentence made of the address and the service's own error code; nothing else of its answer is repeated, as a service
sends keys back. Modules, lowest first: `address`, `options`, `failures`, `folder`, `opening`. Glossary: *root*, scheme
and bucket; *key*, an object's name in it; *version*, what a conditional write compares.
"""
