import optuna
import torch

from dlbasic.regularization.bench import Network, load_problem, measure, predict, train

optuna.logging.set_verbosity(optuna.logging.WARNING)  # it reports each trial on the error console
problem = load_problem(seed=0)


def validation_loss(trial):
    rate = trial.suggest_float("learning rate", 1e-4, 0.1, log=True)
    decay = trial.suggest_float("weight decay", 0.01, 10, log=True)
    network = Network(seed=0)
    list(
        train(
            network,
            problem.train,
            seed=0,
            steps=100,
            optimizer=lambda theta: torch.optim.AdamW(theta, lr=rate, weight_decay=decay),
        )
    )
    validation = problem.validation
    return measure(predict(network, validation.inputs), validation.targets).loss


study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0, n_startup_trials=5))
study.optimize(validation_loss, n_trials=15)
values = [trial.value for trial in study.trials]
print(f"lowest validation loss of  5 trials  {min(values[:5]):.3f}")
print(f"lowest validation loss of 15 trials  {study.best_value:.3f}")
for name, value in study.best_params.items():
    print(f"  {name:14} {value:.3g}")
assert study.best_value == min(values) <= min(values[:5])
assert study.best_value < 2.1  # a guess at random among ten digits has 2.3
