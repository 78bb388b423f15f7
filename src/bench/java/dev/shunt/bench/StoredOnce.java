package dev.shunt.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the database, and nobody else, whether every item of an application was stored, and stored once. */
final class StoredOnce {

    private StoredOnce() {}

    /** What is wrong; empty if every accepted item has one ledger row, its spans, and is in the summary once. */
    static List<String> faults(App app, int spans) {
        JdbcClient sql = app.sql();
        long traces = one(sql, "select count(*) from trace");
        Map<String, Long> wanted = Map.of(
                "ledger rows",
                one(sql, "select count(*) from ledger"),
                "items in the ledger",
                one(sql, "select count(distinct item_key) from ledger"),
                "items that are done",
                one(sql, "select count(*) from ledger where state = 'DONE'"),
                "spans by " + spans,
                one(sql, "select count(*) from span") / spans,
                "summarised spans by " + spans,
                one(sql, "select sum(spans) from daily_cost_summary where model = '__all__'") / spans);
        List<String> faults = new ArrayList<>();
        wanted.forEach((what, count) -> {
            if (count != traces) {
                faults.add(traces + " traces, but " + what + ": " + count);
            }
        });
        long dead = one(sql, "select count(*) from dead_letter");
        if (dead > 0) {
            faults.add(dead + " dead letters");
        }
        return faults;
    }

    /** The same, and that there are so many. */
    static List<String> faults(App app, int spans, long items) {
        List<String> faults = new ArrayList<>(faults(app, spans));
        long traces = one(app.sql(), "select count(*) from trace");
        if (traces != items) {
            faults.add(items + " items were accepted, but " + traces + " are stored");
        }
        return faults;
    }

    static long traces(App app) {
        return one(app.sql(), "select count(*) from trace");
    }

    private static long one(JdbcClient sql, String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
