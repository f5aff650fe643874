package io.beringia.scenarios.attack;

import io.beringia.scenarios.bench.Lab;
import io.beringia.scenarios.bench.LabConfigs;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What an inquiry may use: the gateway that is under attack, and the lab in which it may start one of its own. Owned by the
 * pack's thread.
 */
record Stand(Site site, GatewayFigures figures, Neighbours neighbours, Echo echo, Lab lab) {
    /** A second gateway, which is killed by that name, and differs from the first by its configuration. */
    Site start(String name, UnaryOperator<String> change) throws IOException, InterruptedException {
        lab.beringia(name, List.of(), change.apply(LabConfigs.guarded(LabConfigs.WEST, LabConfigs.SECOND)));
        Site second = new Site(LabConfigs.SECOND.hbone(), site.identity(), site.authority());
        AttackPack.awaitReady(second, lab, name);
        return second;
    }
}
