package io.beringia.trust.rotation;

import java.time.Duration;

/**
 * How far observations are trusted. Each of these is waited on top of what was seen, never in place of it.
 *
 * @param evidenceAgeMax what was seen longer ago counts as not seen
 * @param mountDelay from a changed ConfigMap to the file in every pod: the kubelet's sync period and the life of its
 *     cache, a minute each by default
 * @param answerDelay from the moment an issuer answers to the last one at which the answer is in use
 * @param clockSkew between any two clocks
 * @param refreshesMin refresh hints of a partner that must pass before a new root is used
 */
public record RotationTiming(
        Duration evidenceAgeMax, Duration mountDelay, Duration answerDelay, Duration clockSkew, int refreshesMin) {
    /** Fits kubelets, ztunnels and SPIFFE bundle endpoints as they come. */
    public static final RotationTiming DEFAULT = new RotationTiming(
            Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(5), 5);
}
