-- Invariant: an item leaves the registry and enters the list in one step, once. No entry, no push: of a fallback, a
-- recall and a sweep that meet, one wins. The tail is consumed next, so what waited longest does not wait again. What goes
-- to a worker outside Shunt is remembered in the same step.
-- KEYS book, registry, age, queue [, forwarded, ages, digests]
-- ARGV key, payload that was read, payload to push, book entry from now on [, what is remembered, accepted (microseconds)]
-- Answers MOVED, NOTHING, or CHANGED when the key was settled and registered anew since it was read.
local payload = redis.call('HGET', KEYS[2], ARGV[1])
if not payload then
  return {'NOTHING'}
end
if payload ~= ARGV[2] then
  return {'CHANGED'}
end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('RPUSH', KEYS[4], ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
if ARGV[5] then
  redis.call('HSET', KEYS[5], ARGV[1], ARGV[5])
  redis.call('ZADD', KEYS[6], ARGV[6], ARGV[1])
  redis.call('HSET', KEYS[7], string.sub(ARGV[5], 1, 16), ARGV[1])
end
return {'MOVED'}
