-- Invariant: a turn is taken, renewed and given back only by the one that has it, or when nobody has it.
-- KEYS turn   ARGV name of the turn, milliseconds
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return {0}
end
if tonumber(ARGV[2]) > 0 then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
else
  redis.call('DEL', KEYS[1])
end
return {1}
