package io.beringia.discovery.lab;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token that never expires and that only a lab accepts: whoever shows it is that service account
 * (Kubernetes {@code authentication/v1 TokenReview}).
 *
 * @param secret what the client sends; never printed
 * @param audiences for whom it was made
 */
public record LabToken(String secret, String namespace, String serviceAccount, List<String> audiences) {
    public LabToken {
        audiences = List.copyOf(audiences);
        if (secret.isBlank() || namespace.isEmpty() || serviceAccount.isEmpty()) {
            throw new IllegalArgumentException("lab token of " + namespace + "/" + serviceAccount
                    + " (expected: a secret, a namespace, an account)");
        }
    }

    /** The status of a review of {@code secret} for {@code wanted} audiences; no audience wanted is any. */
    static ObjectNode review(Map<String, LabToken> known, String secret, List<String> wanted) {
        LabToken token = known.get(secret);
        if (token == null) {
            return refused("unknown token");
        }
        List<String> common = wanted.isEmpty()
                ? token.audiences
                : token.audiences.stream().filter(wanted::contains).toList();
        return common.isEmpty()
                ? refused("token audiences " + token.audiences + " is invalid for " + wanted)
                : token.accepted(common);
    }

    private static ObjectNode refused(String why) {
        ObjectNode status = JsonText.object().put("authenticated", false).put("error", why);
        status.putObject("user");
        return status;
    }

    private ObjectNode accepted(List<String> common) {
        ObjectNode status = JsonText.object().put("authenticated", true);
        ObjectNode user =
                status.putObject("user").put("username", "system:serviceaccount:" + namespace + ":" + serviceAccount);
        ArrayNode groups = user.putArray("groups");
        groups.add("system:serviceaccounts")
                .add("system:serviceaccounts:" + namespace)
                .add("system:authenticated");
        common.forEach(status.putArray("audiences")::add);
        return status;
    }

    @Override
    public String toString() {
        return "LabToken[" + namespace + "/" + serviceAccount + " for " + audiences + "]";
    }
}
