package io.beringia.trust.issuance;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks the API server of our cluster whose a token is: the seam to Kubernetes. Any thread. */
public interface TokenReviewer {
    /** Whoever uses no Kubernetes. */
    TokenReviewer NONE = (token, audience) -> new Refused("no API server to ask");

    /** Blocks for 5 s at most, and never throws. {@code token} goes nowhere else. */
    Review review(String token, String audience);

    sealed interface Review {}

    /**
     * The API server knows the token. What that is worth, {@link TokenRules} says.
     *
     * @param audiences for which it says the token to be good
     * @param extra {@code authentication.kubernetes.io/...}, several values each
     */
    record Genuine(String username, Set<String> groups, List<String> audiences, Map<String, List<String>> extra)
            implements Review {
        public Genuine {
            groups = Set.copyOf(groups);
            audiences = List.copyOf(audiences);
            extra = Map.copyOf(extra);
        }
    }

    /** The API server does not. */
    record Refused(String why) implements Review {}

    /** Nobody can say now. */
    record Unreachable(String why) implements Review {}
}
