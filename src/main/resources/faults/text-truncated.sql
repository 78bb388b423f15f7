-- on span before insert
new.name := left(new.name, 8);
