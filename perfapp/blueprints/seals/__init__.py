"""The register of seals (印章登记)."""
