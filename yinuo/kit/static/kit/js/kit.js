// Behaviour of every page: see the functions below.
