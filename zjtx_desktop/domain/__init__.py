"""Pure judgement: policy packs, titles, choices, entitlement with its reasons, shares and states."""
