-- Invariant: pages go by rank behind the last key that was seen, or if that is gone, by its age: none is left out because
-- others settle meanwhile.
-- KEYS age   ARGV upper bound of the score, limit, last key or '', last score
-- Answers key, score, key, score, ... oldest first.
local from = 0
if ARGV[3] ~= '' then
  local rank = redis.call('ZRANK', KEYS[1], ARGV[3])
  from = rank and rank + 1 or redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[4])
end
local to = math.min(from + tonumber(ARGV[2]), redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[1]))
if from >= to then
  return {}
end
return redis.call('ZRANGE', KEYS[1], from, to - 1, 'WITHSCORES')
