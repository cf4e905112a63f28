namespace DeepTricks.Interpretability;

/// <summary>Which parts of a <see cref="ProtoPNet"/> learn.</summary>
public enum PrototypePhase
{
    /// <summary>Add-on layers and prototypes: the backbone keeps what it has learned elsewhere.</summary>
    Warm,

    /// <summary>Backbone, add-on layers and prototypes.</summary>
    Joint,

    /// <summary>The last layer alone: the prototypes stay the patches that they were projected onto.</summary>
    LastLayer,
}
