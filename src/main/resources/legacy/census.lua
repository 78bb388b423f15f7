-- Invariant: all parts are from one moment, so a message that moves between lists is counted once.
-- KEYS book, registry, queue, recovered, consumers, duplicates
-- Answers {book, registered keys, {waiting, processing}, {next message or nothing}, duplicates}.
local processing = 0
for _, list in ipairs(redis.call('SMEMBERS', KEYS[5])) do
  processing = processing + redis.call('LLEN', list)
end
local waiting = redis.call('LLEN', KEYS[3]) + redis.call('LLEN', KEYS[4])
return {
  redis.call('HGETALL', KEYS[1]),
  redis.call('HKEYS', KEYS[2]),
  {waiting, processing},
  {redis.call('LINDEX', KEYS[4], -1) or redis.call('LINDEX', KEYS[3], -1) or nil},
  redis.call('HGETALL', KEYS[6]),
}
