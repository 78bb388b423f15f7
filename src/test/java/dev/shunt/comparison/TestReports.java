package dev.shunt.comparison;

import dev.shunt.core.Workload;
import dev.shunt.store.DivergenceGroups;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.ReconciliationRuns;
import dev.shunt.store.SummaryRepairs;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What the API asks, on a test's own database. */
public final class TestReports {

    private TestReports() {}

    public static DivergenceLog log(DataSource database) {
        return new DivergenceLog(new Divergences(database));
    }

    public static GroupReports groups(DataSource database) {
        return new GroupReports(new DivergenceGroups(database), new LedgerChecks(database), List.of(), 3);
    }

    public static IgnoreRuleBook rules(DataSource database) {
        return new IgnoreRuleBook(new IgnoreRules(database), Clock.systemUTC());
    }

    /** Of no workload: every order is refused. */
    public static Reconciliations reconciliations(DataSource database) {
        return new Reconciliations(
                Map.<Workload, ReconciliationRun.Sources>of(),
                new ReconciliationRuns(database),
                new SummaryRepairs(database),
                "here",
                Duration.ZERO,
                Duration.ofSeconds(10),
                Clock.systemUTC());
    }
}
