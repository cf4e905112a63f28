namespace KakapoSample;

/// <summary>The birds, told apart by their heads alone.</summary>
internal enum Species
{
    /// <summary>A pale facial disc around a small beak. It cannot fly, and is never seen before sky or sea.</summary>
    Kakapo,

    /// <summary>A long hooked beak.</summary>
    Kea,

    /// <summary>A white tuft at the throat.</summary>
    Tui,

    /// <summary>A long straight beak, pale.</summary>
    Gannet,

    /// <summary>A dark stripe under the eye.</summary>
    Falcon,
}
