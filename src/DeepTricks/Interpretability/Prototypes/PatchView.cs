namespace DeepTricks.Interpretability;

/// <summary>A patch near a prototype, and what can be shown of it.</summary>
/// <param name="Patch">The patch.</param>
/// <param name="Box">The part of its image that looks like the prototype; see <see cref="PrototypeActivation.Box"/>.</param>
/// <param name="ReceptiveField">The part of its image that the patch can have seen.</param>
/// <param name="Activation">The scores of the prototype over its image.</param>
public sealed record PatchView(NearestPatch Patch, PatchBox Box, PatchBox ReceptiveField, PrototypeActivation Activation);
