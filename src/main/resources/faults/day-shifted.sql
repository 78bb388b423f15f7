-- on daily_cost_summary before insert
new.day := new.day - 1;
