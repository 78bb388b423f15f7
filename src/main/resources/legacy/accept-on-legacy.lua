-- Invariant: an item whose key is in the book with route LEGACY has exactly one message in the legacy route's lists;
-- accepting it again pushes nothing. What goes to a worker outside Shunt is remembered in the same step.
-- KEYS book, queue, duplicates [, forwarded, ages, digests]
-- ARGV key, entry, message [, what is remembered, accepted (microseconds)]
-- Answers ACCEPTED, or DUPLICATE and the entry that is there.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  redis.call('HINCRBY', KEYS[3], string.match(known, '^%u+'), 1)
  return {'DUPLICATE', known}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('LPUSH', KEYS[2], ARGV[3])
if ARGV[4] then
  redis.call('HSET', KEYS[4], ARGV[1], ARGV[4])
  redis.call('ZADD', KEYS[5], ARGV[5], ARGV[1])
  redis.call('HSET', KEYS[6], string.sub(ARGV[4], 1, 16), ARGV[1])
end
return {'ACCEPTED'}
