namespace KakapoSample;

/// <summary>How grounds go with birds.</summary>
internal enum Backgrounds
{
    /// <summary>19 of 20 birds are before the ground that is usual for them, the others before any: as in training.</summary>
    Usual,

    /// <summary>No bird is before the ground that is usual for it.</summary>
    Swapped,
}
