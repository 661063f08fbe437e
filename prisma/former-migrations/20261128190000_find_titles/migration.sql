-- search_titles has taken its place.
DROP FUNCTION find_titles(integer[], boolean, integer);
