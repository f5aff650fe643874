/** Certificates on line: Istio's CreateCertificate, and who may ask it for what. */
@NullMarked
package io.beringia.trust.issuance;

import org.jspecify.annotations.NullMarked;
