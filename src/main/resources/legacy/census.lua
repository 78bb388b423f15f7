-- Invariant: the lengths are from one moment, so a message that moves between lists is counted once. Book and registry
-- are not read here: with a long backlog one script over all of them would stop Redis for everybody.
-- KEYS queue, recovered, consumers, duplicates, book, age [, list of the worker outside]
-- The next message is one of Shunt's own lists, and of the worker outside only where those are empty.
-- Answers {{waiting, processing, booked, registered}, {next message or nothing}, duplicates, {oldest key, its score}}.
local processing = 0
for _, list in ipairs(redis.call('SMEMBERS', KEYS[3])) do
  processing = processing + redis.call('LLEN', list)
end
local waiting = redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[2])
if KEYS[7] then
  waiting = waiting + redis.call('LLEN', KEYS[7])
end
return {
  {waiting, processing, redis.call('HLEN', KEYS[5]), redis.call('ZCARD', KEYS[6])},
  {redis.call('LINDEX', KEYS[2], -1) or redis.call('LINDEX', KEYS[1], -1)
    or KEYS[7] and redis.call('LINDEX', KEYS[7], -1) or nil},
  redis.call('HGETALL', KEYS[4]),
  redis.call('ZRANGE', KEYS[6], 0, 0, 'WITHSCORES'),
}
