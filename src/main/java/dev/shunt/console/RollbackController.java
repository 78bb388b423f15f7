package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.RollbackProofs;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Follows rollbacks to their end. */
@RestController
@RequestMapping("/api/v1/rollouts/{workload}")
class RollbackController {

    private static final int MOST = 100;

    private final RollbackProofs proofs;
    private final ReadParameters parameters;

    RollbackController(RollbackProofs proofs, ReadParameters parameters) {
        this.proofs = proofs;
        this.parameters = parameters;
    }

    /** The last one. */
    @GetMapping("/rollback")
    ProofView last(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        return proofs.last(workload)
                .map(ProofView::of)
                .orElseThrow(() -> ApiException.notFound(workload + " was never rolled back"));
    }

    @GetMapping("/rollbacks")
    List<ProofView> latest(
            @PathVariable("workload") String name, @RequestParam(name = "limit", defaultValue = "20") int limit) {
        Workload workload = parameters.workload(name);
        ReadParameters.between("limit", limit, 1, MOST);
        return proofs.latest(workload, limit).stream().map(ProofView::of).toList();
    }

    @GetMapping("/rollbacks/{id}")
    ProofView one(@PathVariable("workload") String name, @PathVariable("id") String id) {
        Workload workload = parameters.workload(name);
        return proofs.find(workload, id)
                .map(ProofView::of)
                .orElseThrow(() -> ApiException.notFound("no rollback " + id + " of " + workload));
    }
}
