-- Invariant: a tapped message that stays on legacy is in the book before it is handled, and only while its message is
-- still in hand: whoever holds the message settles the key, so no entry is left behind by a consumer that was given up.
-- KEYS processing list, book   ARGV for each: message in the list, key, entry
-- Answers BOOKED or GONE for each.
local answers = {}
for i = 1, #ARGV, 3 do
  if redis.call('LPOS', KEYS[1], ARGV[i]) then
    redis.call('HSETNX', KEYS[2], ARGV[i + 1], ARGV[i + 2])
    answers[#answers + 1] = 'BOOKED'
  else
    answers[#answers + 1] = 'GONE'
  end
end
return answers
