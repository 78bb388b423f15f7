package dev.shunt.store;

import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Whether the schema in Postgres is the one that this build was made for. */
final class SchemaFits implements Preflight {

    private final Optional<Flyway> flyway;

    SchemaFits(Optional<Flyway> flyway) {
        this.flyway = flyway;
    }

    @Override
    public String subject() {
        return "schema of the store";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        if (flyway.isEmpty()) {
            return new Finding.Unknown("this instance does not manage the schema");
        }
        try {
            var info = flyway.get().info();
            MigrationInfo current = info.current();
            String there = current == null ? "empty" : "at version " + current.getVersion();
            if (info.pending().length > 0) {
                return new Finding.Refused("the store is " + there + ", this build needs "
                        + info.pending()[info.pending().length - 1].getVersion()
                        + ": restart this instance, it migrates");
            }
            long unknown = Arrays.stream(info.applied())
                    .filter(applied -> applied.getState().isApplied()
                            && !applied.getState().isResolved())
                    .filter(applied -> !applied.getState().name().startsWith("BASELINE"))
                    .count();
            return unknown == 0
                    ? new Finding.Pass("the store is " + there + ", as this build needs it")
                    : new Finding.Refused("the store is " + there + ", " + unknown
                            + " versions beyond what this instance knows: finish the deployment of the newer build");
        } catch (FlywayException away) {
            return new Finding.Unknown("the schema's version cannot be read: " + away.getMessage());
        }
    }
}
