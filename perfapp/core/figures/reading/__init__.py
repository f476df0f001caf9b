"""How the reader works: the plain form of a line, the numbers marked in it, and what the words around them say."""
