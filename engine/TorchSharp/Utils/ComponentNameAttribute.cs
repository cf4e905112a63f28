namespace TorchSharp.Utils;

/// <summary>The name under which a field's component is registered, where the field's own will not do.</summary>
[AttributeUsage(AttributeTargets.Field, AllowMultiple = false, Inherited = true)]
public sealed class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
