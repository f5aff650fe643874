package io.beringia.discovery.lab;

/**
 * Readiness of one container or pod as a kubelet counts it: so many answers of one kind in a row change it. Pure.
 *
 * @param ready what is said at the moment
 * @param run answers in a row that say the opposite
 */
record ProbeRules(boolean ready, int run) {
    static final ProbeRules UNREADY = new ProbeRules(false, 0);

    ProbeRules after(boolean answered, int successThreshold, int failureThreshold) {
        if (answered == ready) {
            return new ProbeRules(ready, 0);
        }
        int needed = answered ? successThreshold : failureThreshold;
        return run + 1 >= needed ? new ProbeRules(answered, 0) : new ProbeRules(ready, run + 1);
    }
}
