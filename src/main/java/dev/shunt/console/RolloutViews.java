package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.ProgressReader;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutOutcome.Applied;
import org.springframework.stereotype.Component;

/** What is shown of rollouts. */
@Component
final class RolloutViews {

    private final RolloutControl control;
    private final ProgressReader progress;

    RolloutViews(RolloutControl control, ProgressReader progress) {
        this.control = control;
        this.progress = progress;
    }

    RolloutView view(Workload workload) {
        return RolloutView.of(control.status(workload), progress.progress(workload));
    }

    RolloutView.Changed changed(Workload workload, Applied applied) {
        RolloutView now = view(workload);
        return new RolloutView.Changed(
                workload.name(),
                now.percentage(),
                applied.epoch().value(),
                RolloutView.InstanceView.of(applied.laggards(), applied.epoch()),
                now);
    }
}
