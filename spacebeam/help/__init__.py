"""The help: a text file for each topic, read to blocks that terminal, man and window show."""
