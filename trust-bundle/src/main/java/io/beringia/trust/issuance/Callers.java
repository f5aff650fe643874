package io.beringia.trust.issuance;

import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds out who calls, asks the API server where needed, and bounds how often one caller may. Any thread; blocks while the
 * API server is asked.
 */
final class Callers {
    /** Of one address, known or not: a node's proxy starts with some hundred pods, and nodes may share an address. */
    private static final Rate PER_ADDRESS = new Rate(1_000, 200);

    /** Of one known caller: a node's pods twice over at once. */
    private static final Rate PER_CALLER = new Rate(512, 32);

    private final Authentication authentication;
    private final TokenReviewer reviewer;
    private final Rates addresses = new Rates(PER_ADDRESS);
    private final Rates callers = new Rates(PER_CALLER);

    Callers(Authentication authentication, TokenReviewer reviewer) {
        this.authentication = authentication;
        this.reviewer = reviewer;
    }

    /** As the configuration of an issuance server says. */
    static Callers of(Issuer issuer, IssuanceConfig config, PeerVerifier verifier, TokenReviewer reviewer) {
        Optional<TokenRules> reviewed =
                config.kubernetes().map(it -> TokenRules.of(issuer.authority().trustDomain(), it, issuer.cluster()));
        return new Callers(new Authentication(verifier, config.staticTokens(), issuer.cluster(), reviewed), reviewer);
    }

    sealed interface Outcome {}

    record Known(Caller caller) implements Outcome {}

    record Refused(Refusal why, String detail) implements Outcome {}

    Outcome of(Authentication.Shown shown, TrustBundles bundles, Instant now) {
        if (!addresses.take(shown.address(), now)) {
            return new Refused(Refusal.TOO_OFTEN, shown.address() + ": more than " + PER_ADDRESS);
        }
        return switch (authentication.of(shown, bundles, now)) {
            case Authentication.Known(Caller caller) -> counted(caller, now);
            case Authentication.Unknown(Refusal why, String detail) -> new Refused(why, detail);
            case Authentication.Ask(TokenRules rules, String token) ->
                reviewed(rules.caller(reviewer.review(token, rules.audience())), now);
        };
    }

    private Outcome reviewed(TokenRules.Verdict verdict, Instant now) {
        return switch (verdict) {
            case TokenRules.Is(Caller caller) -> counted(caller, now);
            case TokenRules.IsNobody(Refusal why, String detail) -> new Refused(why, detail);
        };
    }

    private Outcome counted(Caller caller, Instant now) {
        return callers.take(caller.key(), now)
                ? new Known(caller)
                : new Refused(Refusal.TOO_OFTEN, caller.id() + ": more than " + PER_CALLER);
    }
}
