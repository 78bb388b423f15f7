package dev.shunt.bridge;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Notes every row that is written to private tables, and by which lane, until it is closed: also of what is removed again. */
final class SeenRows implements AutoCloseable {

    private final JdbcClient sql;
    private final List<String> tables;

    /** @param tables of the schema of shadow runs, which must be there */
    SeenRows(JdbcClient sql, List<String> tables) {
        this.sql = sql;
        this.tables = List.copyOf(tables);
        sql.sql("""
                create schema watched;
                create table watched.seen (lane text, written text, content text);
                create function watched.see() returns trigger language plpgsql as $$
                begin
                    insert into watched.seen values (current_setting('application_name'), tg_argv[0], new::text);
                    return new;
                end $$
                """).update();
        tables.forEach(table -> sql.sql("create trigger seen after insert on shunt_shadow." + table
                        + " for each row execute function watched.see('" + table + "')")
                .update());
    }

    List<String> tablesWrittenBy(String lane) {
        return sql.sql("select distinct written from watched.seen where lane = ?")
                .param(lane)
                .query(String.class)
                .list();
    }

    /** Each row written to a table, as text. */
    List<String> rowsOf(String table) {
        return sql.sql("select content from watched.seen where written = ?")
                .param(table)
                .query(String.class)
                .list();
    }

    @Override
    public void close() {
        // one lock at a time: the removal of leftovers may hold one table and want the next
        tables.forEach(
                table -> sql.sql("drop trigger seen on shunt_shadow." + table).update());
        sql.sql("drop schema watched cascade").update();
    }
}
