"""Apache Avro (https://avro.apache.org/docs/1.12.0/specification/)."""
