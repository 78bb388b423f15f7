package dev.shunt.cli.chaos;

import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Traces through a scene, and at its end what became of each. */
final class Traffic implements AutoCloseable {

    private static final Duration QUIET_WITHIN = Duration.ofMinutes(3);

    private final Stage stage;
    private final String project;
    private final Instant began = Instant.now();
    private final ChaosBook book = new ChaosBook();
    private final Load load;

    Traffic(Stage stage, String project) {
        this(stage, project, stage.cluster().doors());
    }

    /** @param doors of services that have one */
    Traffic(Stage stage, String project, List<Shunt> doors) {
        this.stage = stage;
        this.project = project;
        this.load = Load.plain(doors, stage.cluster().backends().redis(), project, book, stage.seed());
        load.start();
    }

    /** Lets it run until so many more are taken. */
    void goOn(int items) throws InterruptedException {
        load.goOn(items);
    }

    /** Ends it, waits until nothing is on its way, and holds the book against the store. */
    Findings end() throws IOException, InterruptedException, SQLException {
        load.finish();
        Map<String, Long> left = new Quiet(stage.cluster().backends(), project).await(QUIET_WITHIN);
        stage.require(left.isEmpty(), "left in flight: %s", left);
        Findings found = Findings.of(book, Findings.Store.read(stage.cluster().backends(), project, began));
        stage.say(
                "%d items accepted, %d stored (%d by Temporal): lost %d, twice %d, sums wrong %d, dead %d; by route and"
                        + " reason %s",
                book.acceptedItems(),
                found.stored(),
                found.temporal(),
                found.lost(),
                found.twice(),
                found.sums(),
                found.dead(),
                found.reasons());
        stage.require(book.complaints().isEmpty(), "wrong answers: %s", book.complaints());
        stage.require(
                found.lost() + found.twice() + found.sums() + found.dead() == 0,
                "not everything is there once: %s",
                found.details().stream().limit(10).toList());
        return found;
    }

    @Override
    public void close() {
        load.close();
    }
}
