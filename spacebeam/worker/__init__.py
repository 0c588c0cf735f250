"""Exports and imports of the window, in a process of their own: Python runs one thread at a time.

The window writes frames to the process, which answers with a JSON object on each line.
"""
