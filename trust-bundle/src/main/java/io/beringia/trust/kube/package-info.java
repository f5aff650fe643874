/** What the role {@code trust} asks a kube API: whose a token is, and which pods run where. */
@NullMarked
package io.beringia.trust.kube;

import org.jspecify.annotations.NullMarked;
