package dev.shunt.console;

import dev.shunt.rollout.Phase;
import dev.shunt.rollout.Plan;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.ProgressReader.Judged;
import dev.shunt.rollout.RolloutState;
import dev.shunt.rollout.RolloutState.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps that can be ordered from where a rollout stands, and what stands against them. */
final class StepForms {

    private StepForms() {}

    /**
     * One form. Public for the template engine.
     *
     * @param step as the address says it
     * @param label names where it leads
     * @param blocked what stands against it; with an override it can be taken all the same, as far as that goes
     * @param epoch the version of the flag that was seen
     */
    public record StepForm(String step, String label, List<String> blocked, String epoch) {}

    static List<StepForm> of(Progress progress, Optional<Judged> judged) {
        RolloutState state = progress.standing().state();
        Plan plan = progress.plan();
        List<String> obstacles = judged.map(Judged::obstacles).orElse(List.of());
        String epoch = Long.toString(progress.standing().epoch().value());
        List<StepForm> forms = new ArrayList<>();
        if (state.after(Step.START).isPresent()) {
            forms.add(new StepForm("start", "Start at " + plan.target(plan.first()), List.of(), epoch));
        }
        if (state == RolloutState.RUNNING) {
            Optional<Phase> next = progress.phase().flatMap(now -> plan.after(now.name()));
            forms.add(
                    next.isPresent()
                            ? new StepForm("promote", "Promote to " + plan.target(next.get()), obstacles, epoch)
                            : new StepForm("complete", "Complete the rollout", obstacles, epoch));
            forms.add(new StepForm("hold", "Hold here", List.of(), epoch));
        }
        if (state == RolloutState.HELD) {
            forms.add(new StepForm("resume", "Resume", List.of(), epoch));
        }
        return forms;
    }
}
