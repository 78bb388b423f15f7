-- Invariant: only the order that is known to be recorded is lifted, never one that came in its place meanwhile.
-- KEYS stop   ARGV order
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return {redis.call('DEL', KEYS[1])}
end
return {0}
