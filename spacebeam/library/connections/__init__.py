"""Saved connections on disk: open folders of OpenCollection files.

`ConnectionLibrary` has the open folders; an `OpenFolder` has the tree and reads and writes files.
"""
