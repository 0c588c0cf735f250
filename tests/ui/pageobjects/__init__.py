"""Page objects: what a person sees of the window's parts, and does to them.

Only here do tests know how a widget is made; elsewhere they use these classes and the public
methods of the widget under test.
"""
