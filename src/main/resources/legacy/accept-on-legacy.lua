-- Invariant: an item whose key is in the book with route LEGACY has exactly one message in the legacy route's lists;
-- accepting it again pushes nothing.
-- KEYS book, queue, duplicates   ARGV key, entry, stamped message
-- Answers ACCEPTED, or DUPLICATE and the entry that is there.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  redis.call('HINCRBY', KEYS[3], string.match(known, '^%u+'), 1)
  return {'DUPLICATE', known}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('LPUSH', KEYS[2], ARGV[3])
return {'ACCEPTED'}
