using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The modules of terms that have something to learn or to keep, each once, as "name of the term"."number within the term".</summary>
internal sealed class LearnerModules : nn.Module
{
    internal LearnerModules(IEnumerable<TransferTerm> terms)
        : base(nameof(LearnerModules))
    {
        var seen = new HashSet<nn.Module>();
        foreach (var term in terms)
        {
            var number = 0;
            foreach (var module in term.Modules)
            {
                if (seen.Add(module) && module.state_dict().Count > 0)
                    register_module($"{term.Name.Replace('.', '_')}_{number}", module);
                number++;
            }
        }
    }
}
