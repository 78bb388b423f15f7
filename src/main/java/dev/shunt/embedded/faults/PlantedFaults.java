package dev.shunt.embedded.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/** Faults as database triggers: the code under test stays as it is. */
final class PlantedFaults implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(PlantedFaults.class);

    private static final String TRIGGER = "shunt_fault_cost_rounded";
    private static final String PLANT = """
            create or replace function %1$s() returns trigger language plpgsql as $$
            begin
              new.input_cost  := round(new.input_cost, 4);
              new.output_cost := round(new.output_cost, 4);
              new.total_cost  := round(new.total_cost, 4);
              return new;
            end $$;
            create or replace trigger %1$s before insert or update on span for each row
              when (current_setting('application_name') = 'shunt-lane-temporal')
              execute function %1$s();
            """.formatted(TRIGGER);

    private final DataSource dataSource;
    private final Set<Fault> wanted;
    private final boolean ours;

    /** @param ours whether the database is one that Shunt started for itself; no other is ever touched */
    PlantedFaults(DataSource dataSource, Set<Fault> wanted, boolean ours) {
        this.dataSource = dataSource;
        this.wanted = Set.copyOf(wanted);
        this.ours = ours;
    }

    @Override
    public void afterPropertiesSet() throws SQLException {
        if (!ours) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (wanted.contains(Fault.COST_ROUNDED)) {
                statement.execute(PLANT);
                log.warn("A fault is planted: the Temporal route stores costs rounded to four decimals."
                        + " It goes at the next start without shunt.faults=cost-rounded");
            } else if (isPlanted(statement)) {
                statement.execute("drop function " + TRIGGER + " cascade");
                log.info("The planted fault cost-rounded is taken away; what it has stored stays as it is");
            }
        }
    }

    private static boolean isPlanted(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("select from pg_proc where proname = '" + TRIGGER + "'")) {
            return found.next();
        }
    }

    /** Faults would be planted where they must not be. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
