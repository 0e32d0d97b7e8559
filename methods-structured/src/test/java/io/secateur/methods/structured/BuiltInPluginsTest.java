package io.secateur.methods.structured;

import io.secateur.conformance.BuiltInContract;

/** Every plugin of this module keeps the rules of its kind. */
class BuiltInPluginsTest implements BuiltInContract {}
