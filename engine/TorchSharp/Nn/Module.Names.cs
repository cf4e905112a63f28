using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>All submodules, the children before the children's children; the module itself is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;
                foreach (var (name, child) in _internal_submodules)
                    foreach (var (inner, module) in child.named_modules()) yield return ($"{name}.{inner}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(named => named.module);

            /// <summary>The parameters, one that is shared under its first name alone.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => Named<Parameter>(recurse, module => module._internal_params);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(named => named.parameter);

            /// <summary>The persistent buffers, one that is shared under its first name alone.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Named<Tensor>(recurse, module => module._internal_buffers.Where<(string, (Tensor, bool))>(buffer => buffer.Item2.Item2).Select(buffer => (buffer.Item1, buffer.Item2.Item1)));

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            // The same again for derived classes: a field of one of these names does not compile there.
            protected virtual (string name, Parameter parameter)[] _named_parameters() => [.. named_parameters()];

            protected virtual (string name, Tensor buffer)[] _named_buffers() => [.. named_buffers()];

            protected virtual Parameter[] _parameters(bool recurse = true) => [.. parameters(recurse)];

            private IEnumerable<(string, T)> Named<T>(bool recurse, Func<Module, IEnumerable<(string, T)>> own) where T : Tensor
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                return recurse ? Walk("") : own(this).Where(item => !item.Item2.IsInvalid && seen.Add(item.Item2));

                IEnumerable<(string, T)> Walk(string prefix) => Inside(this, prefix);

                IEnumerable<(string, T)> Inside(Module module, string prefix)
                {
                    foreach (var (name, item) in own(module))
                        if (!item.IsInvalid && seen.Add(item)) yield return (prefix + name, item);
                    foreach (var (name, child) in module._internal_submodules)
                        foreach (var found in Inside(child, $"{prefix}{name}.")) yield return found;
                }
            }

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                Owner(target, out var name) is { } owner && owner._internal_params.TryGetValue(name, out var found) ? found : null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Tensor? get_buffer(string target) =>
                Owner(target, out var name) is { } owner && owner._internal_buffers.TryGetValue(name, out var found) ? found.Item1 : null;

            private Module? Owner(string target, out string name)
            {
                var path = target.Split('.');
                name = path[^1];
                var owner = this;
                foreach (var step in path[..^1])
                    if (!owner._internal_submodules.TryGetValue(step, out owner)) return null;
                return owner;
            }

            /// <summary>Parameters and persistent buffers by name: the module's own tensors, not copies. Parameters come first.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(start + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(start + name, buffer);
                // A shared tensor stands under each of its names; a module may override what it puts in.
                foreach (var (name, child) in _internal_submodules) child.state_dict(destination, start + name);
                return destination;
            }

            /// <summary>Copies values in by name, and returns the names that were missing and those that nothing here has.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var own = state_dict();
                var missing = own.Keys.Where(key => !skip.Contains(key) && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => !skip.Contains(key) && !own.ContainsKey(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The names differ. Missing: {string.Join(", ", missing)}. Unexpected: {string.Join(", ", unexpected)}.");
                using var _ = no_grad();
                foreach (var (key, value) in source)
                    if (!skip.Contains(key) && own.TryGetValue(key, out var target)) Operators.aten_("copy_", target, value);
                return (missing, unexpected);
            }
        }
    }
}
