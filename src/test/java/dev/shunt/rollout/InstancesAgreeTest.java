package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Instance;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.TestRouters;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class InstancesAgreeTest {

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final TestRouters routers = new TestRouters(TestRouters.database(source), Duration.ofSeconds(2));

    @AfterEach
    void stop() {
        routers.close();
    }

    @Test
    void one_that_is_behind_or_held_or_of_another_build_fails_and_is_named() {
        var router = routers.started("one");
        var agree = new InstancesAgree(router, new Builds(source, new Instance("one")));
        await().untilAsserted(() -> assertThat(agree.check(TRACE)).isInstanceOf(Finding.Pass.class));

        heard("behind", 0, false);
        assertRefused(agree, "is not obeyed by [behind]: ask again in some seconds");
        heard("behind", 0, true);
        assertRefused(agree, "[behind] are held on legacy by USE_TEMPORAL_WORKFLOWS=false");
        heard("behind", router.snapshot(TRACE).epoch().value(), false);
        assertRefused(agree, "and older ones that do not say: finish the deployment first");
        sql.sql("insert into instance_build (instance, build) values ('behind', '0.0.9')")
                .update();
        assertRefused(agree, "instances run different builds [0.0.9, ");
        sql.sql("delete from flag_acknowledgement where instance = 'behind'").update();
        assertThat(agree.check(TRACE)).isInstanceOf(Finding.Pass.class);
    }

    @Test
    void one_that_has_been_up_for_long_is_known_after_another_began_and_one_that_is_gone_is_forgotten() {
        new Builds(source, new Instance("old")).note();
        new Builds(source, new Instance("gone")).note();
        new Builds(source, new Instance("again")).note();
        heard("old", 0, false);
        sql.sql("update instance_build set noted_at = noted_at - interval '91 days'")
                .update();
        var young = new Builds(source, new Instance("young"));
        new Builds(source, new Instance("again")).note();
        young.note();
        assertThat(young.of(List.of("old", "gone", "again", "young"))).containsOnlyKeys("old", "again", "young");
    }

    private void heard(String instance, long epoch, boolean held) {
        sql.sql("delete from flag_acknowledgement where instance = ?")
                .param(instance)
                .update();
        sql.sql("insert into flag_acknowledgement values (?, 'trace', ?, ?, 600000, clock_timestamp())")
                .params(instance, epoch, held)
                .update();
    }

    private static void assertRefused(InstancesAgree agree, String words) {
        assertThat(agree.check(TRACE))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo()).contains(words));
    }
}
