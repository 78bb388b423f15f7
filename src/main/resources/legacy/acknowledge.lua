-- Invariant: a processing list is deleted only by who handled all that is in it; its keys are settled in the same step.
-- KEYS processing list, book, registry, age   ARGV number of messages handled, their keys
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then
  return {0}
end
redis.call('DEL', KEYS[1])
for i = 2, #ARGV do
  redis.call('HDEL', KEYS[2], ARGV[i])
  redis.call('HDEL', KEYS[3], ARGV[i])
  redis.call('ZREM', KEYS[4], ARGV[i])
end
return {1}
