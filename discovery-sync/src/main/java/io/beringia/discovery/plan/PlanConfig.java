package io.beringia.discovery.plan;

import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the plan is, and where it is kept. Inert.
 *
 * @param zookeeper connect string of the ensemble
 * @param session asked of it, which grants 2 to 20 of its ticks
 * @param mesh whose plan it is: an RFC 1123 label
 * @param leaders whose plans are obeyed
 * @param file of ours, in a directory that exists
 */
public record PlanConfig(String zookeeper, Duration session, String mesh, Set<SpiffeId> leaders, Path file) {
    /** A reader loses nothing by a pause but time; after four seconds it asks another server. */
    public static final Duration DEFAULT_SESSION = Duration.ofSeconds(4);

    private static final Duration SESSION_MAX = Duration.ofMinutes(1);

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public PlanConfig {
        if (!LABEL.matcher(mesh).matches()) {
            throw new IllegalArgumentException("plan-from.mesh: \"" + mesh + "\" (expected: an RFC 1123 label)");
        }
        leaders = Set.copyOf(leaders);
        if (leaders.isEmpty()) {
            throw new IllegalArgumentException("plan-from.leaders: none (expected: SPIFFE IDs that may lead)");
        }
        if (!session.isPositive() || session.compareTo(SESSION_MAX) > 0) {
            throw new IllegalArgumentException(
                    "plan-from.session: " + session + " (expected: above 0s, at most " + SESSION_MAX + ")");
        }
    }
}
