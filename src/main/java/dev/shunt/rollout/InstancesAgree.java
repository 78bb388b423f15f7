package dev.shunt.rollout;

import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.Router;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether all live instances obey the same version of the flag and run the same build. */
final class InstancesAgree implements Preflight {

    private final Router router;
    private final Builds builds;

    InstancesAgree(Router router, Builds builds) {
        this.router = router;
        this.builds = builds;
    }

    @Override
    public String subject() {
        return "agreement of instances";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        try {
            var epoch = router.snapshot(workload).epoch();
            List<InstanceState> live = router.instances(workload).stream()
                    .filter(InstanceState::live)
                    .toList();
            List<String> behind = live.stream()
                    .filter(instance -> !instance.obeys(epoch))
                    .map(InstanceState::id)
                    .toList();
            if (!behind.isEmpty()) {
                return new Finding.Refused("epoch " + epoch + " is not obeyed by " + behind
                        + ": ask again in some seconds; if they stay behind, restart them");
            }
            List<String> held = live.stream()
                    .filter(InstanceState::held)
                    .map(InstanceState::id)
                    .toList();
            if (!held.isEmpty()) {
                return new Finding.Refused(held + " are held on legacy by USE_TEMPORAL_WORKFLOWS=false;"
                        + " restart them without it, or their share of every phase stays on legacy");
            }
            Map<String, String> known =
                    builds.of(live.stream().map(InstanceState::id).toList());
            var different = new TreeSet<>(known.values());
            if (different.size() > 1 || known.size() < live.size()) {
                return new Finding.Refused("instances run different builds " + different
                        + (known.size() < live.size() ? ", and older ones that do not say" : "")
                        + ": finish the deployment first");
            }
            return new Finding.Pass(live.size() + " live instances obey epoch " + epoch + ", build " + different);
        } catch (UnavailableException away) {
            return new Finding.Unknown(String.valueOf(away.getMessage()));
        }
    }
}
